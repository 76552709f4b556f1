import type { Problem } from '../../client/request.ts';
import { text } from '../message/text.ts';
import { TextField } from '../part/field.tsx';
import { fieldError } from '../part/field-error.ts';

/** What whoever makes an account says of themselves. */
export function NameAndEmail(props: {
  name: string;
  email: string;
  problem: Problem | null;
  onName: (name: string) => void;
  onEmail: (email: string) => void;
}) {
  return (
    <>
      <TextField
        label={text('account.name')}
        value={props.name}
        autocomplete="name"
        error={fieldError(props.problem, 'name')}
        onText={props.onName}
      />
      <TextField
        label={text('account.email')}
        type="email"
        value={props.email}
        autocomplete="username"
        error={fieldError(props.problem, 'email')}
        onText={props.onEmail}
      />
    </>
  );
}
