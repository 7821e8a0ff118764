//! Cascades that come back, or reach a table twice: some databases refuse them.

use std::collections::HashMap;

use super::Context;
use super::relations::attribute_span;
use crate::{ForeignKey, ModelId, ReferentialAction, RelationId, RelationKind, RelationMode, RelationWalker};

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
    let stops = |action| matches!(action, Some(ReferentialAction::NoAction));
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

    /// The shortest way from one model to another.
    fn path(&self, from: ModelId, to: ModelId) -> Vec<&Edge> {
        let mut came: HashMap<ModelId, &Edge> = HashMap::new();
        let mut queue = std::collections::VecDeque::from([from]);
        while let Some(model) = queue.pop_front() {
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
            let Some(edge) = came.get(&at) else {
                return Vec::new();
            };
            path.push(*edge);
            at = edge.from;
        }
        path.reverse();
        path
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

fn no_cascade_comes_back(cx: &mut Context<'_>, graph: &Graph) {
    for edge in &graph.edges {
        let comes_back = graph.component[edge.from.0 as usize] == graph.component[edge.to.0 as usize];
        let Some((name, span)) = end(cx, edge.relation).filter(|_| comes_back) else {
            continue;
        };
        let help = "set `onDelete: NoAction, onUpdate: NoAction` on one relation of the cycle";
        if edge.from == edge.to {
            let message =
                format!("the relation `{name}` leads a change back to its own table, which {} refuses", cx.provider());
            cx.error(span, message, "set `onDelete: NoAction, onUpdate: NoAction`");
            continue;
        }
        let mut names = vec![name];
        names.extend(graph.path(edge.to, edge.from).into_iter().filter_map(|e| Some(end(cx, e.relation)?.0)));
        let message = format!("changes come back along the cycle of relations {}", names.join(" → "));
        cx.error(span, message, help);
    }
}

/// Two ways from one table to another: a change would reach it twice.
fn no_table_is_reached_twice(cx: &mut Context<'_>, graph: &Graph) {
    let mut starts: Vec<_> = graph.out.keys().copied().collect();
    starts.sort_unstable();
    for start in starts {
        let mut first: HashMap<ModelId, usize> = HashMap::new();
        let edges: Vec<_> = graph.out(start).filter(|e| e.to != start).collect();
        for (i, edge) in edges.iter().enumerate() {
            let mut seen = std::collections::HashSet::new();
            let mut stack = vec![edge.to];
            while let Some(model) = stack.pop() {
                let is_new = seen.insert(model);
                let in_cycle = graph.component[model.0 as usize] == graph.component[start.0 as usize];
                if !is_new || in_cycle {
                    continue;
                }
                match first.get(&model) {
                    Some(earlier) if *earlier != i => {
                        report_twice(cx, edges[*earlier], edge, model);
                        break;
                    }
                    Some(_) => {}
                    None => {
                        first.insert(model, i);
                    }
                }
                stack.extend(graph.out(model).map(|e| e.to));
            }
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
        cx.error(span, message, "set `onDelete: NoAction, onUpdate: NoAction` on one of them");
    }
}
