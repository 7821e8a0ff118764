//! Cascades that come back, or reach a table twice: some databases refuse them.

use std::collections::{HashMap, HashSet, VecDeque};

use super::Context;
use super::relations::attribute_span;
use crate::{ForeignKey, ModelId, ReferentialAction, RelationId, RelationKind, RelationMode, RelationWalker};

/// How many models are looked at from one: beyond what any schema needs, so that the time stays linear in its size.
const HORIZON: usize = 256;

pub(super) fn run(cx: &mut Context<'_>) {
    let emulated = cx.schema.datasource.relation_mode == RelationMode::Prisma;
    if !cx.capabilities.refuses_cascade_cycles && !emulated {
        return;
    }
    let graph = Graph::of(cx);
    no_cascade_comes_back(cx, &graph);
    if cx.capabilities.refuses_cascade_cycles {
        no_table_is_reached_twice(cx, &graph);
    }
}

/// A relation along which changes travel: from the model that is pointed to, to the one that holds the key.
struct Edge {
    relation: RelationId,
    /// Holds the key.
    from: ModelId,
    /// Is pointed to.
    to: ModelId,
}

struct Graph {
    edges: Vec<Edge>,
    /// By the model that holds the key.
    out: HashMap<ModelId, Vec<usize>>,
    /// The strongly connected component of each model.
    component: Vec<usize>,
}

fn travels(relation: RelationWalker<'_>) -> Option<&ForeignKey> {
    let RelationKind::ForeignKey(key) = &relation.data().kind else {
        return None;
    };
    let stops = |action| matches!(action, Some(ReferentialAction::NoAction | ReferentialAction::Restrict));
    (!(stops(relation.on_delete()) && stops(relation.on_update()))).then_some(key)
}

impl Graph {
    fn of(cx: &Context<'_>) -> Self {
        let mut graph = Graph { edges: Vec::new(), out: HashMap::new(), component: Vec::new() };
        for relation in cx.schema.walk_relations() {
            if let Some(key) = travels(relation) {
                graph.out.entry(key.model).or_default().push(graph.edges.len());
                graph.edges.push(Edge { relation: relation.id(), from: key.model, to: key.referenced_model });
            }
        }
        graph.component = components(&graph, cx.schema.models.len());
        graph
    }

    fn out(&self, model: ModelId) -> impl Iterator<Item = &Edge> {
        self.out.get(&model).into_iter().flatten().map(|i| &self.edges[*i])
    }

    /// The shortest way from one model to another, unless it is too far to be found.
    fn path(&self, from: ModelId, to: ModelId) -> Option<Vec<&Edge>> {
        let mut came: HashMap<ModelId, &Edge> = HashMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(model) = queue.pop_front().filter(|_| came.len() < HORIZON) {
            if model == to {
                break;
            }
            for edge in self.out(model) {
                if edge.to != from && !came.contains_key(&edge.to) {
                    came.insert(edge.to, edge);
                    queue.push_back(edge.to);
                }
            }
        }
        let mut path = Vec::new();
        let mut at = to;
        while at != from {
            let edge = came.get(&at)?;
            path.push(*edge);
            at = edge.from;
        }
        path.reverse();
        Some(path)
    }
}

/// Tarjan's strongly connected components, without recursion.
fn components(graph: &Graph, models: usize) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let mut index = vec![UNSEEN; models];
    let mut low = vec![0; models];
    let mut component = vec![UNSEEN; models];
    let mut stack = Vec::new();
    let mut next_index = 0;
    let mut next_component = 0;
    for start in 0..models {
        if index[start] != UNSEEN {
            continue;
        }
        let mut work = vec![(start, 0)];
        while let Some((model, n)) = work.pop() {
            if n == 0 {
                index[model] = next_index;
                low[model] = next_index;
                next_index += 1;
                stack.push(model);
            }
            let edges = graph.out.get(&ModelId(model as u32)).map(Vec::as_slice).unwrap_or_default();
            if let Some(edge) = edges.get(n) {
                work.push((model, n + 1));
                let to = graph.edges[*edge].to.0 as usize;
                if index[to] == UNSEEN {
                    work.push((to, 0));
                } else if component[to] == UNSEEN {
                    low[model] = low[model].min(index[to]);
                }
                continue;
            }
            if let Some((parent, _)) = work.last() {
                low[*parent] = low[*parent].min(low[model]);
            }
            if low[model] == index[model] {
                while let Some(member) = stack.pop() {
                    component[member] = next_component;
                    if member == model {
                        break;
                    }
                }
                next_component += 1;
            }
        }
    }
    component
}

fn end(cx: &Context<'_>, relation: RelationId) -> Option<(String, crate::Span)> {
    let RelationKind::ForeignKey(key) = &cx.schema.relation(relation).data().kind else {
        return None;
    };
    let field = cx.schema.model(key.model).field(key.field);
    Some((format!("{}.{}", field.model().name(), field.name()), attribute_span(cx, field)))
}

/// What ends a cascade: the actions that change nothing.
fn remedy(cx: &Context<'_>) -> String {
    let actions = cx.capabilities.actions(cx.schema.datasource.relation_mode);
    let stops = [ReferentialAction::NoAction, ReferentialAction::Restrict];
    let name = stops.into_iter().find(|a| actions.contains(a)).unwrap_or(ReferentialAction::NoAction).name();
    format!("set `onDelete: {name}, onUpdate: {name}`")
}

/// Who minds it.
fn refusal(cx: &Context<'_>) -> String {
    match cx.schema.datasource.relation_mode {
        RelationMode::ForeignKeys => format!("which {} refuses", cx.provider()),
        RelationMode::Prisma => "and with `relationMode = \"prisma\"` no database ends that".to_owned(),
    }
}

fn no_cascade_comes_back(cx: &mut Context<'_>, graph: &Graph) {
    for edge in &graph.edges {
        let comes_back = graph.component[edge.from.0 as usize] == graph.component[edge.to.0 as usize];
        let Some((name, span)) = end(cx, edge.relation).filter(|_| comes_back) else {
            continue;
        };
        let (refusal, remedy) = (refusal(cx), remedy(cx));
        if edge.from == edge.to {
            let message = format!("the relation `{name}` leads a change back to its own table, {refusal}");
            cx.error(span, message, remedy);
            continue;
        }
        let message = match graph.path(edge.to, edge.from) {
            Some(path) => {
                let rest = path.into_iter().filter_map(|e| Some(end(cx, e.relation)?.0));
                let names: Vec<_> = std::iter::once(name).chain(rest).collect();
                format!("changes come back along the cycle of relations {}, {refusal}", names.join(" → "))
            }
            None => format!("changes come back along a long cycle of relations, of which `{name}` is one, {refusal}"),
        };
        cx.error(span, message, format!("{remedy} on one relation of the cycle"));
    }
}

/// Two ways from one table to another: a change would reach it twice.
fn no_table_is_reached_twice(cx: &mut Context<'_>, graph: &Graph) {
    let mut starts: Vec<_> = graph.out.keys().copied().collect();
    starts.sort_unstable();
    for start in starts {
        let edges: Vec<_> = graph.out(start).filter(|e| e.to != start).collect();
        if edges.len() > 1 {
            no_two_edges_meet(cx, graph, start, &edges);
        }
    }
}

/// Goes along all edges of a model at once; what is reached by one of them is marked with it, until two meet.
fn no_two_edges_meet(cx: &mut Context<'_>, graph: &Graph, start: ModelId, edges: &[&Edge]) {
    let mut reached_by: HashMap<ModelId, usize> = HashMap::new();
    let mut reported = HashSet::new();
    let mut queue: VecDeque<_> = edges.iter().enumerate().map(|(i, edge)| (edge.to, i)).collect();
    while let Some((model, by)) = queue.pop_front().filter(|_| reached_by.len() < HORIZON) {
        // A cycle is an error of its own.
        if graph.component[model.0 as usize] == graph.component[start.0 as usize] {
            continue;
        }
        match reached_by.get(&model).copied() {
            None => {
                reached_by.insert(model, by);
                queue.extend(graph.out(model).map(|e| (e.to, by)));
            }
            Some(other) if other != by && reported.insert(other.max(by)) => {
                report_twice(cx, edges[other.min(by)], edges[other.max(by)], model);
            }
            Some(_) => {}
        }
    }
}

fn report_twice(cx: &mut Context<'_>, one: &Edge, another: &Edge, target: ModelId) {
    let (Some((a, a_span)), Some((b, b_span))) = (end(cx, one.relation), end(cx, another.relation)) else {
        return;
    };
    let target = cx.schema.model(target).name();
    for span in [a_span, b_span] {
        let message = format!(
            "changes of `{target}` reach the table twice, by `{a}` and by `{b}`, which {} refuses",
            cx.provider()
        );
        cx.error(span, message, format!("{} on one of them", remedy(cx)));
    }
}
