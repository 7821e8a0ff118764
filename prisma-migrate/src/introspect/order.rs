//! Models, enums and fields in the order that they had; what is new comes last.

use prisma_schema::{EnumId, Field, FieldId, FieldKind, Model, ModelId, RelationKind, ScalarType, Schema};

use super::place;

/// Where each thing goes: those that were there by their old places, the others behind them as they are.
fn moves(old_places: Vec<Option<usize>>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..old_places.len()).collect();
    order.sort_by_key(|at| (old_places[*at].is_none(), old_places[*at], *at));
    let mut new = vec![0; order.len()];
    for (to, from) in order.into_iter().enumerate() {
        new[from] = to;
    }
    new
}

/// Things in their new order.
fn moved<T>(things: Vec<T>, moves: &[usize]) -> Vec<T> {
    let mut placed: Vec<_> = things.into_iter().zip(moves).collect();
    placed.sort_by_key(|(_, to)| **to);
    placed.into_iter().map(|(thing, _)| thing).collect()
}

/// The places that fields had. New columns stand behind the last one that was there, new relations come last.
fn places(model: &Model, old: Option<&Model>) -> Vec<Option<usize>> {
    let Some(old) = old else { return vec![None; model.fields.len()] };
    let is_column = |f: &&Field| !matches!(f.kind, FieldKind::Relation(_));
    let last = old.fields.iter().rposition(|f| is_column(&f));
    let place_of = |f: &Field| {
        let before = old.fields.iter().position(|o| o.name == f.name);
        // Between two old places there is one for what is new.
        before.map(|at| 2 * at).or_else(|| last.filter(|_| is_column(&f)).map(|at| 2 * at + 1))
    };
    model.fields.iter().map(place_of).collect()
}

pub(super) fn as_before(schema: &mut Schema, existing: &Schema) {
    let old_model = |name: &str| existing.models.iter().position(|m| m.name == name);
    let models = moves(schema.models.iter().map(|m| old_model(&m.name)).collect());
    let enums = moves(schema.enums.iter().map(|e| existing.enums.iter().position(|o| o.name == e.name)).collect());
    let fields: Vec<Vec<usize>> = schema
        .models
        .iter()
        .map(|model| {
            let old = existing.models.iter().find(|m| m.name == model.name);
            moves(places(model, old))
        })
        .collect();
    let field = |model: ModelId, id: FieldId| FieldId(place(fields[model.0 as usize][id.0 as usize]));
    let model = |id: ModelId| ModelId(place(models[id.0 as usize]));

    for (at, data) in schema.models.iter_mut().enumerate() {
        let this = ModelId(place(at));
        for index in &mut data.indexes {
            index.fields.iter_mut().for_each(|f| f.field = field(this, f.field));
        }
        for data in &mut data.fields {
            match &mut data.kind {
                FieldKind::Relation(relation) => {
                    relation.opposite = field(relation.related_model, relation.opposite);
                    relation.related_model = model(relation.related_model);
                }
                FieldKind::Scalar(scalar) => {
                    if let ScalarType::Enum(id) = &mut scalar.ty {
                        *id = EnumId(place(enums[id.0 as usize]));
                    }
                }
                FieldKind::Composite(_) => {}
            }
        }
        data.fields = moved(std::mem::take(&mut data.fields), &fields[at]);
    }
    for relation in &mut schema.relations {
        match &mut relation.kind {
            RelationKind::ForeignKey(key) => {
                key.fields.iter_mut().for_each(|f| *f = field(key.model, *f));
                key.references.iter_mut().for_each(|f| *f = field(key.referenced_model, *f));
                key.field = field(key.model, key.field);
                key.referenced_field = field(key.referenced_model, key.referenced_field);
                key.model = model(key.model);
                key.referenced_model = model(key.referenced_model);
            }
            RelationKind::JoinTable(join) => {
                for end in [&mut join.a, &mut join.b] {
                    *end = (model(end.0), field(end.0, end.1));
                }
            }
            RelationKind::KeyLists(_) => {}
        }
    }
    schema.models = moved(std::mem::take(&mut schema.models), &models);
    schema.enums = moved(std::mem::take(&mut schema.enums), &enums);
}
