import { text } from '../message/text.ts';
import { TextField } from '../part/field.tsx';

/** What whoever makes an account says of themselves. */
export function NameAndEmail(props: {
  name: string;
  email: string;
  onName: (name: string) => void;
  onEmail: (email: string) => void;
}) {
  return (
    <>
      <TextField
        label={text('account.name')}
        value={props.name}
        autocomplete="name"
        field="name"
        onText={props.onName}
      />
      <TextField
        label={text('account.email')}
        type="email"
        value={props.email}
        autocomplete="username"
        field="email"
        onText={props.onEmail}
      />
    </>
  );
}
