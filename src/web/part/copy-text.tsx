import { useRef, useState } from 'preact/hooks';
import { text } from '../message/text.ts';
import { Button } from './button.tsx';
import './copy-text.css';

/** A text to be carried elsewhere, with a button that copies it; without a clipboard it is selected instead. */
export function CopyText({ label, value }: { label: string; value: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <div class="copy">
      <input
        ref={field}
        class="input"
        readOnly
        value={value}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button onClick={() => void copy()}>
        <span role="status">{text(copied ? 'part.copied' : 'part.copy')}</span>
      </Button>
    </div>
  );
}
