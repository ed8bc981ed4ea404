import { removePrivateFolder } from '../common/task/post.ts';

removePrivateFolder();
