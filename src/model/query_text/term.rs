//! The tree of a query. Every node remembers the bytes it was read from, so that a chip can remove them again.

use std::fmt;
use std::ops::Range;

use super::edit::{quote, quote_text};
use super::{Pattern, QueryError};

/// How a field is compared with its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    /// `:` the field's natural comparison: equals for names, contains for prose, falls into for time.
    Is,
    /// `=` equals.
    Eq,
    /// `!=` differs.
    Ne,
    /// `>` more, later.
    Gt,
    /// `>=` at least.
    Ge,
    /// `<` less, earlier.
    Lt,
    /// `<=` at most.
    Le,
}

impl Op {
    /// As it is typed.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Is => ":",
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Lt => "<",
            Self::Le => "<=",
        }
    }

    /// Whether it asks for an order rather than for sameness.
    #[must_use]
    pub fn is_order(self) -> bool {
        matches!(self, Self::Gt | Self::Ge | Self::Lt | Self::Le)
    }
}

/// One typed value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Value {
    /// The text without its quotation marks.
    pub text: String,
    /// Whether it stood in quotation marks: then `*` is a star and `..` are two dots.
    pub quoted: bool,
    /// The bytes it was read from, with its quotation marks.
    pub span: Range<usize>,
}

impl Value {
    /// The pattern it stands for: with `*` a glob unless quoted, else `contains` or equal.
    #[must_use]
    pub fn pattern(&self, contains: bool) -> Pattern {
        Pattern::new(&self.text, !self.quoted, contains)
    }
}

/// What stands after the operator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Operand {
    /// One value.
    One(Value),
    /// `(one, two)`: any of them.
    List(Vec<Value>),
    /// `from..to`, either side may be left open, never both.
    Range(Option<Value>, Option<Value>),
}

/// `field op value`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// The field, as typed.
    pub field: String,
    /// The bytes of the field.
    pub field_span: Range<usize>,
    /// The operator.
    pub op: Op,
    /// The value.
    pub operand: Operand,
}

impl Term {
    /// The single values of a field that knows no order: one, or each of a list.
    ///
    /// # Errors
    /// An order (`<`) or a range was asked of it.
    pub fn names(&self, text: &str) -> Result<&[Value], QueryError> {
        let Self { field, op, .. } = self;
        if op.is_order() {
            let message = format!("`{field}` cannot be compared with `{}`; use `:`", op.symbol());
            return Err(QueryError::at(text, self.field_span.clone(), message));
        }
        match &self.operand {
            Operand::One(value) => Ok(std::slice::from_ref(value)),
            Operand::List(values) => Ok(values),
            Operand::Range(..) => {
                let message =
                    format!("`{field}` has no order, so `..` means nothing here; use quotation marks");
                Err(QueryError::at(text, self.field_span.clone(), message))
            }
        }
    }

    /// The patterns of a field that holds a name or prose.
    ///
    /// # Errors
    /// As [`Term::names`].
    pub fn patterns(&self, text: &str, contains: bool) -> Result<Vec<Pattern>, QueryError> {
        let contains = contains && self.op != Op::Eq;
        Ok(self.names(text)?.iter().map(|value| value.pattern(contains)).collect())
    }

    /// Whether it stands for "not this": `!=`.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.op == Op::Ne
    }
}

/// What a node says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Expr {
    /// All of them.
    And(Vec<Node>),
    /// Any of them.
    Or(Vec<Node>),
    /// Not this.
    Not(Box<Node>),
    /// In parentheses.
    Group(Box<Node>),
    /// A field and its value.
    Field(Term),
    /// Words to look for.
    Text(Value),
}

/// A part of a query and the bytes it was read from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// The bytes.
    pub span: Range<usize>,
    /// What they say.
    pub expr: Expr,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quoted { f.write_str(&quoted(&self.text)) } else { f.write_str(&quote(&self.text)) }
    }
}

pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.field, self.op.symbol())?;
        match &self.operand {
            Operand::One(value) => write!(f, "{value}"),
            Operand::List(values) => {
                let values: Vec<_> = values.iter().map(Value::to_string).collect();
                write!(f, "({})", values.join(", "))
            }
            Operand::Range(from, to) => {
                let side = |v: &Option<Value>| v.as_ref().map(Value::to_string).unwrap_or_default();
                write!(f, "{}..{}", side(from), side(to))
            }
        }
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |nodes: &[Node], by: &str| -> String {
            nodes.iter().map(Node::to_string).collect::<Vec<_>>().join(by)
        };
        match &self.expr {
            Expr::And(nodes) => f.write_str(&joined(nodes, " ")),
            Expr::Or(nodes) => f.write_str(&joined(nodes, " OR ")),
            Expr::Not(node) => write!(f, "NOT {node}"),
            Expr::Group(node) => write!(f, "({node})"),
            Expr::Field(term) => write!(f, "{term}"),
            Expr::Text(value) if value.quoted => f.write_str(&quoted(&value.text)),
            Expr::Text(value) => f.write_str(&quote_text(&value.text)),
        }
    }
}
