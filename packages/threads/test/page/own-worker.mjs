// A worker as a user writes it for a bundler.
import { serve } from "@joinery/threads/web";
import * as functions from "./functions.mjs";

serve(functions);
