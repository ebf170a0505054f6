import { SwitchdcError } from '../domain/errors.js';

/** No app server of the primary could be asked about the whole wiki. Nothing was written: it was only looked. */
export class WikiUnavailable extends SwitchdcError {
  readonly retry = 'safe';
}
