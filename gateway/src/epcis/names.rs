//! Names with a namespace: those of extensions, and words written by a prefix.

use serde_json::Value;
use std::collections::BTreeMap;

/// What EPCIS 2.0's own context says of prefixes. The namespace of ILMD attributes is as EPCIS 1.2
/// has it and as the event hash's published examples have it, without a colon at its end.
const KNOWN: [(&str, &str); 4] = [
    ("cbv", "https://ref.gs1.org/cbv/"),
    ("cbvmda", "urn:epcglobal:cbv:mda"),
    ("epcis", "https://ref.gs1.org/epcis/"),
    ("gs1", "https://ref.gs1.org/voc/"),
];

/// What the prefixes of a document stand for.
#[derive(Clone)]
pub(super) struct Prefixes(BTreeMap<String, String>);

impl Prefixes {
    /// Those that need no declaration.
    pub fn known() -> Self {
        let owned = |(prefix, namespace): (&str, &str)| (prefix.into(), namespace.into());
        Self(KNOWN.into_iter().map(owned).collect())
    }

    /// These and those that a JSON-LD `@context` declares.
    pub fn with(&self, context: Option<&Value>) -> Self {
        let mut prefixes = self.clone();
        match context {
            Some(Value::Array(contexts)) => {
                for context in contexts {
                    prefixes = prefixes.with(Some(context));
                }
            }
            Some(Value::Object(terms)) => {
                for (term, namespace) in terms {
                    if let Some(namespace) = namespace.as_str() {
                        prefixes.0.insert(term.clone(), namespace.into());
                    }
                }
            }
            _ => {}
        }
        prefixes
    }

    /// Namespace and local name of a member. A namespace in braces is one itself; that is how XML
    /// is read. A prefix that nothing declares is its own namespace.
    pub fn name(&self, member: &str) -> (Option<String>, String) {
        if let Some((namespace, local)) = member
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'))
        {
            return (Some(namespace.into()), local.into());
        }
        match member.split_once(':') {
            Some((prefix, local)) => {
                let namespace = self.0.get(prefix).map_or(prefix, String::as_str);
                (Some(namespace.into()), local.into())
            }
            None => (None, member.into()),
        }
    }

    /// A word that is written by a declared prefix (a CURIE), in full; everything else as it is.
    pub fn expanded(&self, text: &str) -> String {
        let text = text.trim();
        match text.split_once(':') {
            Some((prefix, local)) if !local.starts_with("//") => match self.0.get(prefix) {
                Some(namespace) => format!("{namespace}{local}"),
                None => text.into(),
            },
            _ => text.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_and_words_are_written_out() {
        let context = json!(["https://example.com/context", {"own": "http://example.com/"}]);
        let prefixes = Prefixes::known().with(Some(&context));
        let name = |member| prefixes.name(member);
        let own = Some("http://example.com/".into());
        assert_eq!(name("own:field"), (own.clone(), "field".into()));
        assert_eq!(name("{http://example.com/}field"), (own, "field".into()));
        assert_eq!(name("other:field"), (Some("other".into()), "field".into()));
        assert_eq!(name("field"), (None, "field".into()));
        let word = prefixes.expanded("cbv:BizStep-shipping");
        assert_eq!(word, "https://ref.gs1.org/cbv/BizStep-shipping");
        for plain in ["shipping", "https://example.com/a", "urn:epc:id:sscc:1.2"] {
            assert_eq!(prefixes.expanded(plain), plain);
        }
    }
}
