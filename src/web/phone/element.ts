type Attribute = string | boolean | ((event: Event) => void);
export type Child = Node | string | false | undefined;

/** An element with attributes (a function listens to the event of that name) and children; empty ones, and empty
 * attributes, are left out. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** A paragraph in whatever direction its text runs; none where there is no text. */
export function paragraph(sentence: string | undefined, kind = '', id = ''): Child {
  return sentence ? make('p', { class: kind, id, dir: 'auto' }, sentence) : undefined;
}

/** A button that is not the form's own. */
export function button(label: string, press: () => void, kind = 'quiet'): HTMLButtonElement {
  return make('button', { type: 'button', class: kind, click: press }, label);
}
