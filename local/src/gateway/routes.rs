//! Which function answers which path, matched as API Gateway matches: the most literal route wins,
//! and a path that no route has is unknown, whatever the method.

use std::collections::BTreeMap;

use http::Method;
use percent_encoding::percent_decode_str;

use crate::function::Function;

/// One route of the deployment.
#[derive(Clone)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with parameters as `{name}`.
    pub path: String,
    /// Whether API Gateway demands a staff token.
    pub for_staff: bool,
    /// Who answers.
    pub function: Function,
}

impl Route {
    /// As API Gateway names it: `GET /v1/customers/{id}`.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The path's parameters, if this route answers it.
    fn parameters(&self, path: &str) -> Option<BTreeMap<String, String>> {
        let (mut asked, mut parameters) = (path.split('/'), BTreeMap::new());
        for own in self.path.split('/') {
            let segment = asked.next()?;
            match own.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(_) if segment.is_empty() => return None,
                Some(name) => {
                    let value = percent_decode_str(segment).decode_utf8_lossy().into_owned();
                    parameters.insert(name.to_owned(), value);
                }
                None if own == segment => {}
                None => return None,
            }
        }
        asked.next().is_none().then_some(parameters)
    }
}

/// The route that answers `method` and `path` (as it stands in the request), with its parameters.
pub(super) fn find<'a>(
    routes: &'a [Route],
    method: &Method,
    path: &str,
) -> Option<(&'a Route, BTreeMap<String, String>)> {
    routes
        .iter()
        .filter(|route| route.method == *method)
        .filter_map(|route| route.parameters(path).map(|parameters| (route, parameters)))
        .min_by_key(|(_, parameters)| parameters.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Vec<Route> {
        let function = Function::http("f", axum::Router::new());
        [
            ("GET", "/v1/customers"),
            ("GET", "/v1/customers/{id}"),
            ("GET", "/v1/customers/export"),
            ("POST", "/f/{form}"),
        ]
        .map(|(method, path)| Route {
            method: method.parse().unwrap(),
            path: path.to_owned(),
            for_staff: true,
            function: function.clone(),
        })
        .into()
    }

    fn key(method: Method, path: &str) -> Option<String> {
        find(&routes(), &method, path).map(|(route, _)| route.key())
    }

    #[test]
    fn the_most_literal_route_wins_and_the_rest_is_unknown() {
        assert_eq!(key(Method::GET, "/v1/customers/export").as_deref(), Some("GET /v1/customers/export"));
        assert_eq!(key(Method::GET, "/v1/customers/01J").as_deref(), Some("GET /v1/customers/{id}"));
        for (method, path) in [
            (Method::POST, "/v1/customers"),
            (Method::GET, "/v1/customers/"),
            (Method::GET, "/v1/customers/1/2"),
            (Method::GET, "/v1"),
            (Method::GET, "//v1/customers"),
        ] {
            assert_eq!(key(method, path), None, "{path}");
        }
    }

    #[test]
    fn parameters_are_decoded() {
        let routes = routes();
        let (_, parameters) = find(&routes, &Method::POST, "/f/caf%C3%A9%2F1").unwrap();
        assert_eq!(parameters["form"], "café/1");
    }
}
