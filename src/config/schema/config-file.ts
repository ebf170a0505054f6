import type { z } from 'zod';
import { adaptersSection, simulationSection } from './adapters-section.js';
import { approvalsSection, gatesSection } from './approvals-sections.js';
import { calendarSection } from './calendar-section.js';
import { chatSection, salSection } from './chat-section.js';
import { connectionsSection } from './connections-section.js';
import { line, list, name, section } from './fields.js';
import { hostsSection } from './hosts-section.js';
import { datacentersSection, dnsSection, sectionNames, wikiSection } from './installation-sections.js';
import { peopleSection, rolesSection } from './people-sections.js';
import { secretReference } from './secret-section.js';

/**
 * The configuration file as people write it: the one description of every key. What sections say about each other is
 * in ../checks. `switchdc.example.yaml` shows every key with its meaning, and a test holds the two together.
 */
export const configFile = section({
  installation: name('this installation’s name', 'production'),
  dataDirectory: line('a directory on a local disk', 4_096).default('./data'),
  datacenters: datacentersSection,
  sections: sectionNames,
  wiki: wikiSection,
  dns: dnsSection,
  hosts: hostsSection.optional(),
  adapters: adaptersSection,
  connections: connectionsSection,
  simulation: simulationSection,
  people: peopleSection,
  roles: rolesSection,
  approvals: approvalsSection,
  gates: gatesSection,
  calendar: calendarSection,
  chat: chatSection,
  sal: salSection,
  secrets: list(secretReference, 'references to secrets', 0, 100).default([]),
});

export type ConfigFile = z.output<typeof configFile>;
