import type { TaskContext } from '../../task/context.ts';
import type { Given } from '../../task/inputs.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown, visible } from '../../text/shown.ts';
import { visitSchemas } from './carried-charts.ts';
import { outerReferences } from './references.ts';

/**
 * Makes sure that no values schema, of the chart or of one that it carries, leads helm elsewhere: helm fetches what a
 * schema refers to, so a chart could make this agent, and everybody who installs it, ask any host.
 * @param mayLeadToWeb whether the pipeline lets references to the web pass
 * @throws TaskError naming the first such file and reference, or a schema that is no JSON
 */
export async function checkSchemas(
  chart: string,
  mayLeadToWeb: Given<boolean>,
  context: Pick<TaskContext, 'privateFolder' | 'signal'>,
): Promise<void> {
  await visitSchemas(chart, context, (place, text) => {
    const [found] = outerReferences(parsed(place, text)).filter(
      ({ leadsTo }) => leadsTo === 'elsewhere' || !mayLeadToWeb.value,
    );
    if (found === undefined) return;
    const what = `${visible(place, 200)} refers to ${shown(found.address)} (${found.keyword})`;
    throw new TaskError(
      found.leadsTo === 'the web'
        ? `${what}, which helm would fetch, here and wherever the chart is installed: put what it refers to into the ` +
            `schema, under "$defs", or set input ${mayLeadToWeb.input} to true if it may.`
        : `${what}, which helm would look for outside of the chart: put what it refers to into the schema, under "$defs".`,
    );
  });
}

function parsed(place: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TaskError(`${visible(place, 200)} is not valid JSON, so helm cannot check values by it; correct it.`);
  }
}
