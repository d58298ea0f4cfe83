// The files that a program of the project in the current folder needs, as hosts that deploy parts
// of node_modules find them. Argument: the program.
import { nodeFileTrace } from "@vercel/nft";

const { fileList, warnings } = await nodeFileTrace([process.argv[2]], { base: process.cwd() });
console.log(JSON.stringify({ files: [...fileList], warnings: [...warnings].map(String) }));
