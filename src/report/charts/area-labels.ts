/**
 * Where the names of areas go on a map, so that each stands inside its own area and no legend is needed.
 *
 * Takes the nodes of a grid, each with the cell around it in pixels, gives a place per name, or null where some name fits
 * nowhere. Of the places where a name fits, the one nearest to the middle of the area is taken. It knows nothing of scales or
 * of Vega.
 */
export interface MapNode extends Rectangle {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

export interface NameBox {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

export interface NamePlace {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

export interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** @param taken what stands on the map already */
export function placeNames(
  nodes: readonly MapNode[],
  names: readonly NameBox[],
  size: { readonly width: number; readonly height: number },
  taken: readonly Rectangle[],
): NamePlace[] | null {
  const places: NamePlace[] = [];
  for (const box of names) {
    const own = nodes.filter(({ name }) => name === box.name);
    const middle = { x: meanOf(own.map(({ x }) => x)), y: meanOf(own.map(({ y }) => y)) };
    const distance = (node: MapNode): number => Math.hypot(node.x - middle.x, node.y - middle.y);
    const others = nodes.filter(({ name }) => name !== box.name);
    const found = [...own]
      .sort((a, b) => distance(a) - distance(b))
      .find((node) => {
        const around = rectangle(node, box);
        return (
          around.left >= 0 &&
          around.right <= size.width &&
          around.top >= 0 &&
          around.bottom <= size.height &&
          !others.some((other) => meet(other, around)) &&
          !taken.some((one) => meet(one, around))
        );
      });
    if (found === undefined) return null;
    places.push({ name: box.name, x: found.x, y: found.y });
  }
  return places;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

const rectangle = ({ x, y }: MapNode, { width, height }: NameBox): Rectangle => ({
  left: x - width / 2,
  right: x + width / 2,
  top: y - height / 2,
  bottom: y + height / 2,
});

const meet = (a: Rectangle, b: Rectangle): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
