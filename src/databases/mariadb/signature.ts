import type { Authority } from '../../domain/reason.js';

/** A comment for a statement: whoever looks at the server's list of statements sees whose it is. Pure. */
export function signature(by: Authority): string {
  // Digits and a name from configuration, of which nothing can end the comment.
  return `/* switchdc run ${by.run} by ${by.person.replace(/[^\w.-]/g, '_')} */`;
}
