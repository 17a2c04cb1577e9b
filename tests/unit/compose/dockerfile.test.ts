import { imagesOf } from "../../../compose/dockerfile";

/** A Dockerfile, and the images of other builds that it needs, by line. */
const files: readonly (readonly [what: string, lines: readonly string[], images: readonly string[]])[] = [
  ["one stage", ["FROM node:22"], ["1 node:22"]],
  ["nothing below it", ["FROM scratch"], []],
  ["a platform", ["FROM --platform=linux/amd64 node:22 AS build"], ["1 node:22"]],
  ["lower case", ["from node:22 as build"], ["1 node:22"]],
  ["a stage that is built on another", ["FROM node:22 AS base", "FROM base AS run"], ["1 node:22"]],
  ["a stage whose name is written in another case", ["FROM node:22 AS Base", "FROM base"], ["1 node:22"]],
  ["one image twice", ["FROM node:22 AS a", "FROM node:22 AS b"], ["1 node:22"]],
  [
    "files of a stage by its number",
    ["FROM node:22", "FROM nginx:1", "COPY --from=0 /a /b"],
    ["1 node:22", "2 nginx:1"],
  ],
  [
    "files of a stage by its name",
    ["FROM node:22 AS a", "FROM nginx:1", "COPY --from=a /a /b"],
    ["1 node:22", "2 nginx:1"],
  ],
  ["files of an image", ["FROM node:22", "COPY --chown=1 --from=busybox:1 /a /b"], ["1 node:22", "2 busybox:1"]],
  [
    "a mount of an image",
    ["FROM node:22", "RUN --mount=type=bind,from=busybox:1,target=/x ls"],
    ["1 node:22", "2 busybox:1"],
  ],
  ["a mount of a cache", ["FROM node:22", "RUN --mount=type=cache,target=/x ls"], ["1 node:22"]],
  ["comments and blank lines", ["# FROM a", "", "  # syntax", "FROM node:22"], ["4 node:22"]],
  ["a line that goes on", ["FROM \\", "  node:22", "RUN a"], ["1 node:22"]],
  ["a comment in a line that goes on", ["RUN a \\", "# FROM b", " && c", "FROM node:22"], ["4 node:22"]],
  ["a word that only looks like an instruction", ["FROM node:22", "RUN echo \\", "FROM b"], ["1 node:22"]],
  ["an argument with a value", ["ARG TAG=22", "FROM node:${TAG}"], ["2 node:22"]],
  ["an argument in quotes", ['ARG TAG="22"', "FROM node:$TAG"], ["2 node:22"]],
  ["an argument that is given", ["ARG GIVEN=0", "FROM node:$GIVEN"], ["2 node:given"]],
  ["an argument of an argument", ["ARG V=22", "ARG TAG=$V-slim", "FROM node:$TAG"], ["3 node:22-slim"]],
  ["a default in the place of an argument", ["ARG TAG", "FROM node:${TAG:-22}"], ["2 node:22"]],
  ["another text where an argument is given", ["ARG GIVEN", "FROM node:22${GIVEN:+-slim}"], ["2 node:22-slim"]],
  [
    "an argument of a stage, which no FROM sees",
    ["FROM node:22 AS a", "ARG TAG=1", "FROM b:${TAG:-2}"],
    ["1 node:22", "3 b:2"],
  ],
  ["an image that is an argument without a value", ["ARG IMAGE", "FROM $IMAGE"], []],
];

test.each(files)("a Dockerfile with %s", (_what, lines, images) => {
  for (const end of ["\n", "\r\n"])
    expect(imagesOf(lines.join(end), { GIVEN: "given" }).map(({ image, line }) => `${String(line)} ${image}`)).toEqual(
      images,
    );
});
