import { empty, notFound, type Response } from "./exchange.ts";
import { listOf, objectOf, stringOf, type Json, type JsonObject } from "./json.ts";
import { list } from "./paging.ts";
import { requireProject } from "./permissions.ts";
import { projectByReference } from "./project-routes.ts";
import { projectName } from "./repository-routes.ts";
import { API, bodyOf, parameter, type Context, type Route } from "./router.ts";
import { nextId, type ImmutableRuleRow, type ProjectRow } from "./state.ts";

const OF_PROJECT = "/projects/{project}/immutabletagrules";

export const immutableRoutes: readonly Route[] = [
  { method: "GET", path: OF_PROJECT, answer: listRules, legacy: true },
  { method: "POST", path: OF_PROJECT, answer: createRule, legacy: true },
  { method: "PUT", path: `${OF_PROJECT}/{rule}`, answer: updateRule, legacy: true },
  { method: "DELETE", path: `${OF_PROJECT}/{rule}`, answer: deleteRule, legacy: true },
];

function projectOf(context: Context, action: string): ProjectRow {
  // 2.1 knows projects by their number only here
  if (context.legacy && !/^\d+$/.test(parameter(context, "project"))) {
    throw notFound(`path ${context.request.path} was not found`);
  }
  requireProject(context.core, context.identity, projectName(context), "immutable-tag", action);
  const project = projectByReference(context, parameter(context, "project"));
  if (project === undefined) throw notFound(`project ${projectName(context)} not found`);
  return project;
}

function listRules(context: Context): Response {
  const project = projectOf(context, "list");
  return list(context, project.immutableRules, { id: (row) => row.id }, "id", ruleJson);
}

function createRule(context: Context): Response {
  const project = projectOf(context, "create");
  const rule = { id: nextId(context.core.state, "immutable-rule"), ...selectorsOf(bodyOf(context)) };
  project.immutableRules.push(rule);
  return empty(201, {
    location: `${API}/projects/${parameter(context, "project")}/immutabletagrules/${rule.id}`,
  });
}

function updateRule(context: Context): Response {
  Object.assign(ruleOf(context, "update"), selectorsOf(bodyOf(context)));
  return empty(200);
}

function deleteRule(context: Context): Response {
  const rule = ruleOf(context, "delete");
  const { immutableRules } = projectOf(context, "delete");
  immutableRules.splice(immutableRules.indexOf(rule), 1);
  return empty(200);
}

function ruleOf(context: Context, action: string): ImmutableRuleRow {
  const id = Number(parameter(context, "rule"));
  const rule = projectOf(context, action).immutableRules.find((one) => one.id === id);
  if (rule === undefined) throw notFound(`the immutable tag rule ${id} not found`);
  return rule;
}

function selectorsOf(body: JsonObject): Omit<ImmutableRuleRow, "id"> {
  const tag = objectOf(listOf(body["tag_selectors"])[0]);
  const repository = objectOf(listOf(objectOf(body["scope_selectors"])["repository"])[0]);
  return {
    disabled: body["disabled"] === true,
    tagPattern: stringOf(tag["pattern"]),
    tagDecoration: stringOf(tag["decoration"]),
    repositoryPattern: stringOf(repository["pattern"]),
    repositoryDecoration: stringOf(repository["decoration"]),
  };
}

function ruleJson(rule: ImmutableRuleRow): Json {
  return {
    action: "immutable",
    disabled: rule.disabled,
    id: rule.id,
    scope_selectors: {
      repository: [
        { decoration: rule.repositoryDecoration, kind: "doublestar", pattern: rule.repositoryPattern },
      ],
    },
    tag_selectors: [{ decoration: rule.tagDecoration, kind: "doublestar", pattern: rule.tagPattern }],
    template: "immutable_template",
  };
}
