import { KubernetesClient } from '../../../tasks/common/cluster/client.ts';
import { ReleaseWatch } from '../../../tasks/common/watching/release-watch.ts';
import { atOnce as client, clientContext } from '../cluster/small-api-server.ts';
import { atOnce } from './looking.ts';
import { release } from './objects.ts';

/** A process that watches a release of the cluster that it is given, until its last pod comes; tells how much it saw. */
const cluster = JSON.parse(process.argv[2] ?? '');
const context = clientContext();
const watch = new ReleaseWatch(release, new KubernetesClient(cluster, context, client), context, atOnce);
await watch.start();
for (;;) {
  const view = watch.view();
  const children = view.objects.flatMap((object) => view.childrenOf(object));
  const pods = children.flatMap((object) => view.childrenOf(object));
  const seen = { objects: view.objects.length, children: children.length, pods: pods.length, blind: view.blind };
  if (pods.some(({ metadata }) => metadata.name === 'shop-last')) {
    console.log(JSON.stringify(seen));
    process.exit();
  }
  await new Promise<void>((resolve) => watch.onChange(resolve));
}
