/** By a query's name, what it is to answer: its rows in any order. */
export type Answers = Record<string, () => object[]>;
