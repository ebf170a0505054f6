import { closest } from '../domain/suggest.js';
import type { CalendarMistake } from './calendar-mistake.js';
import { EVENT_FACTS, READER_FACTS } from './event-facts.js';
import { factsIn } from './fact-template.js';
import { type MilestoneDefinition, lengthMillis } from './milestone.js';

/** What is wrong with a list of milestones, to be refused at start-up and not when one of them is due. Pure. */
export function milestoneMistakes(definitions: readonly MilestoneDefinition[]): readonly CalendarMistake[] {
  const keys = definitions.map(({ key }) => key);
  return definitions.flatMap((definition, index) => {
    const { key, title, text, tellWithin, audiences } = definition;
    const mistakes = [...unknownFacts(key, [title], EVENT_FACTS), ...unknownFacts(key, text, READER_FACTS)];
    if (keys.indexOf(key) !== index) {
      mistakes.push({ mistake: `two milestones are called ${key}`, expected: 'a key of its own for each' });
    }
    if (lengthMillis(tellWithin) <= 0) {
      mistakes.push({
        mistake: `milestone ${key} is never worth telling`,
        expected: 'tellWithin longer than nothing',
      });
    }
    if (audiences.length === 0) {
      mistakes.push({ mistake: `milestone ${key} is for nobody`, expected: 'at least one audience' });
    }
    return mistakes;
  });
}

function unknownFacts(
  key: string,
  templates: readonly string[],
  known: readonly string[],
): CalendarMistake[] {
  return templates
    .flatMap(factsIn)
    .filter((fact) => !known.includes(fact))
    .map((fact) => {
      const meant = closest(fact, known);
      return {
        mistake: `milestone ${key} names an unknown fact {${fact}}`,
        expected: meant === undefined ? `one of ${known.join(', ')}` : `perhaps {${meant}}`,
      };
    });
}
