import type { EndpointOptions } from "@restatedev/restate-sdk";

/** What both sides have to agree on. */
export interface CommonOptions {
  /** The ingress of Restate. Default: `http://localhost:8080`. */
  ingress?: string | URL;
  /** The service that the workers are known by. Programs that share a Restate have one each. Default: `joinery`. */
  service?: string;
}

export interface RestateOptions extends CommonOptions {
  /** What the executor is called. Default: `restate`. */
  name?: string;
  /**
   * Milliseconds until the calls are cancelled when this process has vanished. It is also the time for which Restate may be out
   * of reach before calls are lost. Default: 10,000; from 1,000 to 300,000.
   */
  lease?: number;
}

export interface ServeOptions extends CommonOptions {
  /** Where Restate reaches this process, or what passes its connections on. Default: 9080; 0 for any that is free. */
  port?: number;
  /** What the worker is called, for people. Default: `host/pid`. */
  name?: string;
  /** The public keys of the Restate that may call: without them, whoever reaches the port may. */
  identityKeys?: string[];
  /** Takes what the SDK logs. Default: nobody. */
  logger?: EndpointOptions["logger"];
}

export type { CloseOptions } from "joinery/executor";
