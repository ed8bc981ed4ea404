import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// Unit tests load task-lib outside of an agent: its key file must not land in the project, nor its debug lines in the report.
const folder = mkdtempSync(path.join(tmpdir(), 'task-lib-'));
process.env['AGENT_TEMPDIRECTORY'] ??= folder;
process.env['DISTRIBUTEDTASK_TASKS_NODE_SKIPDEBUGLOGSWHENDEBUGMODEOFF'] = 'true';
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
