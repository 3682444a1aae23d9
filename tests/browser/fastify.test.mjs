import { plain } from "./connection.mjs";
import { journeys } from "./journeys.mjs";

journeys("fastify", plain);
