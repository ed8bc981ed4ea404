/** How a task's private folder is named, and the task variable that tells the post-job step where it was. */
export const folderPrefix = 'helm-delivery-';
export const folderVariable = 'privateFolder';
