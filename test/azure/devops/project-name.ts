/** The organisation's only project. */
export const projectName = 'delivery';
