import { SwitchdcError } from '../domain/errors.js';

/**
 * The log could not be read or written: a full disk, a locked or damaged file. Nothing was half written, and every
 * entry has a source that is logged only once, so the same call may be made again.
 */
export class SalUnavailable extends SwitchdcError {
  readonly retry = 'safe';
}
