// The same function, for piscina and for joinery.
import { remote } from "joinery/executor";

export const echo = remote("echo", (value) => value);

export default (value) => value;
