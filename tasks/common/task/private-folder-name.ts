/** How the private folders of a step are named. */
export const folderPrefix = 'helm-delivery-';

/** The task variables that tell the post-job step where they were: one folder for the step, one for the whole job. */
export const folderVariables = { step: 'privateFolder', job: 'jobFolder' } as const;
