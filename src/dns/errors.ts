import { SwitchdcError } from '../domain/errors.js';

/** A record, or its address in a datacenter, that the configuration does not know. */
export class UnknownRecord extends SwitchdcError {
  readonly retry = 'never';
}

/** What was configured contradicts itself; the text names the server, subnet or address. */
export class DnsMisconfigured extends SwitchdcError {
  readonly retry = 'never';
}
