//! A place in the document: a value, and the path that leads to it.

use serde_json::Value;

/// An element of the document.
///
/// Reading is lenient: what has the wrong shape reads as absent, because the checks of
/// [`super::elements`] have refused it by then.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Node<'a> {
    /// What stands at `path`.
    pub fn at(value: &'a Value, path: impl Into<String>) -> Self {
        Self {
            value,
            path: path.into(),
        }
    }

    /// What stands here.
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// Whether this has elements.
    pub fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// Where this is.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where the element `name` of this is, or would be.
    pub fn path_of(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    /// Whether there is an element `name`, of whatever shape.
    pub fn has(&self, name: &str) -> bool {
        self.value.get(name).is_some()
    }

    /// The element `name`, which occurs at most once.
    pub fn one(&self, name: &str) -> Option<Self> {
        match self.value.get(name)? {
            Value::Array(_) => None,
            value => Some(Self {
                value,
                path: self.path_of(name),
            }),
        }
    }

    /// The elements `name`, which may occur several times.
    pub fn many(&self, name: &str) -> Vec<Self> {
        let items = self.value.get(name).and_then(Value::as_array);
        let path = self.path_of(name);
        items
            .into_iter()
            .flatten()
            .enumerate()
            .map(|(index, value)| Self {
                value,
                path: format!("{path}[{index}]"),
            })
            .collect()
    }

    /// The text of the element `name`.
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.value.get(name)?.as_str()
    }
}
