import type { Exchange } from '../network/exchange.ts';

// Clients look up every address by an id: where the area's host is, then which route each resource of the area has.

interface Location {
  readonly id: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  readonly resourceVersion: number;
}

const areas: Readonly<Record<string, readonly Location[]>> = {
  location: [
    {
      id: 'e81700f7-3be2-46de-8624-2eb35882fcaa',
      resourceName: 'ResourceAreas',
      routeTemplate: '_apis/{resource}/{areaId}',
      resourceVersion: 1,
    },
  ],
  build: [
    {
      id: '0cd358e1-9217-4d94-8269-1c1ee6f93dcf',
      resourceName: 'builds',
      routeTemplate: '{project}/_apis/{area}/{resource}/{buildId}',
      resourceVersion: 7,
    },
    {
      id: '1db06c96-014e-44e1-ac91-90b2d4b3e984',
      resourceName: 'artifacts',
      routeTemplate: '{project}/_apis/{area}/builds/{buildId}/{resource}',
      resourceVersion: 5,
    },
  ],
};

const resourceAreas = { build: '965220d5-5bb9-42cf-8d67-9b146df2a5a4' };

/** Answers what clients ask before their first call. @returns false when the request is another. */
export async function answerLocations(exchange: Exchange, organizationUri: string): Promise<boolean> {
  const what = /^\/[^/]+\/_apis\/([^/]+)$/.exec(exchange.path)?.[1] ?? '';
  const area = what.toLowerCase();
  if (exchange.method === 'OPTIONS' && area in areas) {
    await exchange.json(200, collection((areas[area] ?? []).map((location) => located(what, location))));
    return true;
  }
  if (exchange.method === 'GET' && area === 'resourceareas') {
    const entries = Object.entries(resourceAreas).map(([name, id]) => ({ id, name, locationUrl: organizationUri }));
    await exchange.json(200, collection(entries));
    return true;
  }
  return false;
}

export function collection<Item>(value: readonly Item[]): { count: number; value: readonly Item[] } {
  return { count: value.length, value };
}

function located(area: string, location: Location): Record<string, unknown> {
  return { ...location, area, minVersion: '1.0', maxVersion: '7.2', releasedVersion: '7.1' };
}
