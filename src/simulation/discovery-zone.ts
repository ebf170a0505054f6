/** What follows a discovery record's name in the simulated pair of datacenters. */
export const DISCOVERY_ZONE = 'discovery.wmnet';
