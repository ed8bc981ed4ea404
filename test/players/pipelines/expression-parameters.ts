/** Parameters that expressions of the tests refer to; a `probe` stands in line 24, column 10 behind them. */
export const parameters = `parameters:
- name: list
  type: object
  default: [one, Two]
- name: same
  type: object
  default: [one, Two]
- name: object
  type: object
  default: {Key: a, none: , empty: [], deep: {x: 1}}
- name: flag
  type: boolean
  default: true
- name: number
  type: number
  default: 1.0
- name: steps
  type: object
  default: [{name: a}, {name: b, env: {x: 1}}]
- name: numbered
  type: object
  default: {b: 1, 2: true, 1: []}
`;
