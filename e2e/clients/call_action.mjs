// Calls one action through the official Node client: call_action.mjs ACTION JSON. Prints the answer as JSON.
import { makeClient } from './engine_client.mjs';

const [, , action, parameters] = process.argv;
const answer = await makeClient()
  [action](JSON.parse(parameters))
  .catch(({ code, message, requestId }) => ({ error: { code, message, requestId } }));
console.log(JSON.stringify(answer));
