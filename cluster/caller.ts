/** A caller of a cluster that keeps children busy until it is killed: `caller.js <kit> <address> <lease> <id>`. */

import { conformanceParent } from "joinery/testing";
import type { Address, EngineKit } from "./engine-kit.ts";

const [kitModule, address, lease, id] = process.argv.slice(2) as [string, string, string, string];

const { kit } = (await import(kitModule)) as { kit: EngineKit };
await conformanceParent(kit.open(JSON.parse(address) as Address, Number(lease)), id);
