/** Numbers for objects of the program, which last as long as the objects do and keep none of them. */
export function numbering(): (item: object) => number {
  const numbers = new WeakMap<object, number>();
  let given = 0;
  return (item) => {
    let number = numbers.get(item);
    if (number === undefined) numbers.set(item, (number = ++given));
    return number;
  };
}
