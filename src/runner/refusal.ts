/** Why something was not done, and what would be needed for it: every refusal says both. */
export interface Refusal {
  readonly because: string;
  readonly needed: string;
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export const done = <T>(value: T): Result<T> => ({ ok: true, value });
export const refused = (
  because: string,
  needed: string,
): { readonly ok: false; readonly refusal: Refusal } => ({
  ok: false,
  refusal: { because, needed },
});
