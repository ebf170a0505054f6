/** Tells people of each trouble once, however often it is met, until it is over. */
export interface Troubles {
  begin(topic: string, text: string): void;
  /** Nothing is told when it had not begun. */
  end(topic: string, text: string): void;
}

export function troubles(tell: (text: string) => void): Troubles {
  const begun = new Set<string>();
  return {
    begin(topic, text) {
      if (begun.has(topic)) return;
      begun.add(topic);
      tell(text);
    },
    end(topic, text) {
      if (begun.delete(topic)) tell(text);
    },
  };
}
