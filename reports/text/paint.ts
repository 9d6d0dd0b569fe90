/** Colours for a terminal, or none. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
}

export const plain: Paint = { good: (t) => t, bad: (t) => t, dim: (t) => t, strong: (t) => t };
