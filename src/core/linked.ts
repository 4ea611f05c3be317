/**
 * A list through its elements: whoever has many of them pays two fields in each and one in the
 * owner, and an element leaves from anywhere in O(1). The first one's `previous` is the last.
 */

export interface Linked<E> {
  previous: E | undefined;
  following: E | undefined;
}

/** Puts `element` at the end of the list that begins with `first`; returns the first one. */
export function append<E extends Linked<E>>(first: E | undefined, element: E): E {
  const last = first?.previous;
  element.previous = last ?? element;
  if (first === undefined || last === undefined) return element;
  last.following = element;
  first.previous = element;
  return first;
}

/** Takes `element` out of the list that begins with `first`; returns the one that is first now. */
export function remove<E extends Linked<E>>(first: E | undefined, element: E): E | undefined {
  const { previous, following } = element;
  element.previous = element.following = undefined;
  if (element === first) {
    if (following) following.previous = previous;
    return following;
  }
  (previous as E).following = following;
  ((following ?? first) as E).previous = previous;
  return first;
}

/** The elements from `first` on, as they are now. */
export function elements<E extends Linked<E>>(first: E | undefined): E[] {
  const list: E[] = [];
  for (let element = first; element !== undefined; element = element.following) list.push(element);
  return list;
}
