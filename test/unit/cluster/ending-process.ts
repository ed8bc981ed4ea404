import { once } from 'node:events';
import { connect } from 'node:net';
import { GuardedSocket } from '../../../tasks/common/cluster/guarded-socket.ts';

/** A process that cuts a connection off while it ends, and then has nothing more to do. */
const socket = connect({ host: '127.0.0.1', port: Number(process.argv[2]), allowHalfOpen: true });
await once(socket, 'connect');
const guarded = new GuardedSocket(socket, () => true);
guarded.on('error', () => undefined);
guarded.end();
await new Promise((resolve) => process.nextTick(resolve));
guarded.destroy();
