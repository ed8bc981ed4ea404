import { removePrivateFolders } from '../common/task/post.ts';

removePrivateFolders();
