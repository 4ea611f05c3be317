// The journal of the server. Workers write into it even while they compute.

/** Is written when it returns. */
export function note(line) {
  const request = new XMLHttpRequest();
  request.open("POST", "/journal", false);
  request.send(line);
}

export async function lines() {
  return (await fetch("/journal")).json();
}

export async function written(line) {
  while (!(await lines()).includes(line)) await new Promise((later) => setTimeout(later, 5));
}
