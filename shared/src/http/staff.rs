//! Who calls the staff API: a Cognito ID token, verified by API Gateway, read from the request's
//! context. Refused unless everything needed is there.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use lambda_http::request::RequestContext;

use super::{Call, Problem, ProblemKind};
use crate::Entropy;
use crate::domain::{Actor, AuditAction, AuditEntry, EmailAddress, Line, ShopId};

/// What a member of staff may do; a Cognito group of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Owner,
    /// Customers, orders, forms, templates, merge, exports.
    Manager,
    /// Customers, notes, orders, products, order links; no export.
    Seller,
    /// Reads, with contact data masked.
    Viewer,
}

/// Every role.
pub const ALL_ROLES: &[Role] = &[Role::Owner, Role::Manager, Role::Seller, Role::Viewer];
/// The roles that see contact data and change customers, orders and products.
pub const EDITORS: &[Role] = &[Role::Owner, Role::Manager, Role::Seller];
/// The roles that take data out.
pub const MANAGERS: &[Role] = &[Role::Owner, Role::Manager];

/// The role that settles the shop's own affairs.
pub const OWNER: &[Role] = &[Role::Owner];

/// The group of those who see notes on health, beside their role.
const HEALTH: &str = "health";

impl Role {
    /// The name of the role's group.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Seller => "seller",
            Self::Viewer => "viewer",
        }
    }
}

/// A member of staff, and the one shop the token is for.
#[derive(Debug, Clone)]
pub struct Staff {
    /// The shop: never from a path, a query or a body.
    pub shop: ShopId,
    /// The subject of the token.
    pub subject: Line<128>,
    /// Where they are written to, if that is known to be theirs.
    pub email: Option<EmailAddress>,
    roles: Vec<Role>,
    health: bool,
}

impl Staff {
    /// The caller, if API Gateway verified one.
    pub(super) fn of(parts: &Parts) -> Result<Self, Problem> {
        let Some(RequestContext::ApiGatewayV2(context)) = parts.extensions.get::<RequestContext>() else {
            return Err(Problem::new(ProblemKind::Unauthenticated));
        };
        let jwt = context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref());
        let Some(jwt) = jwt else {
            return Err(Problem::new(ProblemKind::Unauthenticated));
        };
        let claim = |name: &str| jwt.claims.get(name).map(String::as_str);
        let shop = claim("custom:shop").and_then(|shop| shop.parse().ok());
        let subject = claim("sub").and_then(|subject| subject.parse().ok());
        let (Some(shop), Some(subject)) = (shop, subject) else {
            return Err(Problem::new(ProblemKind::Forbidden));
        };
        // API Gateway hands an array claim over as one string: "[owner health]".
        let groups = claim("cognito:groups").unwrap_or_default();
        let groups: Vec<&str> = groups.trim_matches(['[', ']']).split([' ', ',']).collect();
        let roles = ALL_ROLES.iter().copied().filter(|role| groups.contains(&role.name())).collect();
        let verified = claim("email_verified") == Some("true");
        let email = claim("email").filter(|_| verified).and_then(|email| email.parse().ok());
        Ok(Self { shop, subject, email, roles, health: groups.contains(&HEALTH) })
    }

    /// Whether the caller has one of `roles`.
    pub fn has(&self, roles: &[Role]) -> bool {
        self.roles.iter().any(|role| roles.contains(role))
    }

    /// Whether the caller sees addresses and telephone numbers in full.
    pub fn sees_contact_data(&self) -> bool {
        self.has(EDITORS)
    }

    /// Whether the caller sees and writes notes on health: a permission beside the role.
    pub fn sees_health(&self) -> bool {
        self.health
    }

    /// The caller as who did something.
    pub fn actor(&self) -> Actor {
        Actor::Staff { subject: self.subject.clone() }
    }

    /// The audit entry of something the caller does.
    pub fn audit(&self, call: &Call, entropy: &Entropy, action: AuditAction, records: Vec<String>) -> AuditEntry {
        call.audit(entropy, self.actor(), action, records)
    }
}

/// Present behind a staff route only: the route's layer checked it and put it there.
impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::new(ProblemKind::Unauthenticated))
    }
}
