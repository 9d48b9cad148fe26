/** A line of at most so many points over whatever came, the last of them always. */
interface Curve<Point> {
  add(point: Point): void;
  points(): Point[];
}

/** `most`: even. Whenever it is reached every other point is left out, and from then on so are those between. */
export function createCurve<Point>(most: number): Curve<Point> {
  let kept: Point[] = [];
  let last: Point | undefined;
  let every = 1;
  let count = 0;
  return {
    add(point) {
      last = point;
      if (count % every === 0) kept.push(point);
      count++;
      if (kept.length < most) return;
      kept = kept.filter((_, index) => index % 2 === 0);
      every *= 2;
    },
    points: () => (last === undefined || kept.at(-1) === last ? kept.slice() : [...kept, last]),
  };
}
