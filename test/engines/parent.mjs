// A caller that is killed: `parent.mjs <kit> <address> <lease> <id>`.
import process from "node:process";
import { conformanceParent } from "joinery/testing";

const [kitModule, address, lease, id] = process.argv.slice(2);
const { kit } = await import(kitModule);
await conformanceParent(kit.open(JSON.parse(address), Number(lease)), id);
