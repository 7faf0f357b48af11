//! Who may ask: routes, the staff's pool, throttles, and what is written down of a request.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use shared::http::ALL_ROLES;

use super::document::{TEMPLATE, attribute, either, named, of_type, properties, reference, resources};
use super::{PUBLIC, camel, laptop};

#[tokio::test]
async fn the_routes_are_those_that_the_functions_declare() {
    let (routes, _) = laptop().await;
    let declared = routes.iter().map(|route| {
        let mut expected = json!({
            "ApiId": reference("HttpApi"),
            "RouteKey": route.key(),
            "Target": { "Fn::Sub": format!("integrations/${{{}Integration}}", camel(route.function.name())) },
            "AuthorizationType": if route.for_staff { "JWT" } else { "NONE" },
        });
        if route.for_staff {
            expected["AuthorizerId"] = reference("StaffAuthorizer");
        }
        (route.key(), expected)
    });
    let deployed = of_type("AWS::ApiGatewayV2::Route").into_values();
    let deployed = deployed.map(|route| (route["RouteKey"].as_str().unwrap().to_owned(), route.clone()));
    assert_eq!(deployed.collect::<BTreeMap<_, _>>(), declared.collect());
    for route in &routes {
        assert_eq!(route.for_staff, route.path.starts_with("/v1/"), "{}", route.path);
    }
}

#[test]
fn staff_show_a_token_of_their_own_pool() {
    let authorizer = properties("StaffAuthorizer");
    assert_eq!(authorizer["AuthorizerType"], "JWT");
    assert_eq!(authorizer["JwtConfiguration"]["Issuer"], attribute("StaffPool", "ProviderURL"));
    assert_eq!(authorizer["JwtConfiguration"]["Audience"], json!([reference("StaffClient")]));
    let pool = properties("StaffPool");
    assert_eq!(pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"], true);
    assert_eq!(pool["DeletionProtection"], "ACTIVE");
    assert_eq!(pool["EnabledMfas"], json!(["SOFTWARE_TOKEN_MFA"]));
    assert_eq!(pool["MfaConfiguration"], reference("StaffMfa"));
    assert_eq!(TEMPLATE["Parameters"]["StaffMfa"]["Default"], "ON");
    // Who could write it would choose the shop it sees.
    assert_eq!(properties("StaffClient")["WriteAttributes"], json!(["email", "name"]));
    let groups = of_type("AWS::Cognito::UserPoolGroup").into_values();
    let groups: BTreeSet<_> = groups.map(|group| group["GroupName"].as_str().unwrap().to_owned()).collect();
    let roles = ALL_ROLES.iter().map(|role| format!("{role:?}").to_lowercase());
    assert_eq!(groups, roles.chain(["health".to_owned()]).collect());
}

#[test]
fn the_gateway_may_call_whom_it_asks_and_nobody_else_may() {
    let asked = of_type("AWS::ApiGatewayV2::Integration").into_values().map(|of| of["IntegrationUri"].clone());
    let permissions = of_type("AWS::Lambda::Permission").into_values();
    let gateway: Vec<_> = permissions.filter(|of| of["Principal"] == "apigateway.amazonaws.com").collect();
    for permission in &gateway {
        assert_eq!(permission["Action"], "lambda:InvokeFunction");
        assert!(permission["SourceArn"]["Fn::Sub"].as_str().unwrap().ends_with(":${HttpApi}/*"));
    }
    let called = gateway.iter().map(|of| attribute(named(&of["FunctionName"]), "Arn").to_string());
    assert_eq!(asked.map(|of| of.to_string()).collect::<BTreeSet<_>>(), called.collect());
}

#[tokio::test]
async fn every_public_route_is_throttled_and_waits_for_nothing_else() {
    let (routes, _) = laptop().await;
    let public = routes.iter().filter(|route| !route.for_staff).map(|route| route.key());
    let stage = properties("HttpApiStage");
    let throttled = stage["RouteSettings"].as_object().unwrap();
    assert_eq!(throttled.keys().cloned().collect::<BTreeSet<_>>(), public.collect());
    for (route, settings) in throttled.iter().chain([(&"others".to_owned(), &stage["DefaultRouteSettings"])]) {
        let limits = [&settings["ThrottlingRateLimit"], &settings["ThrottlingBurstLimit"]];
        assert!(limits.iter().all(|limit| limit.as_u64() > Some(0)), "{route}");
    }
    for name in resources()["HttpApiStage"]["DependsOn"].as_array().unwrap() {
        assert!(resources().contains_key(name.as_str().unwrap()), "{name}");
    }
}

#[test]
fn public_functions_may_be_given_a_share_and_have_none_by_default() {
    let share = |function: &Value| function.get("ReservedConcurrentExecutions").cloned();
    for (name, function) in of_type("AWS::Serverless::Function") {
        let expected =
            json!({ "Fn::If": ["HasPublicConcurrency", reference("PublicConcurrency"), reference("AWS::NoValue")] });
        assert_eq!(share(function), PUBLIC.contains(&name).then_some(expected), "{name}");
    }
    assert_eq!(TEMPLATE["Parameters"]["PublicConcurrency"]["Default"], 0);
    let condition = json!({ "Fn::Not": [{ "Fn::Equals": [reference("PublicConcurrency"), "0"] }] });
    assert_eq!(TEMPLATE["Conditions"]["HasPublicConcurrency"], condition);
}

#[test]
fn the_gateway_answers_no_other_origin_by_itself() {
    let [(_, api)] = &of_type("AWS::ApiGatewayV2::Api").into_iter().collect::<Vec<_>>()[..] else { panic!("one API") };
    assert_eq!(api["CorsConfiguration"], Value::Null);
    assert_eq!(api["ProtocolType"], "HTTP");
}

#[test]
fn the_access_log_tells_neither_path_nor_address() {
    let settings = &properties("HttpApiStage")["AccessLogSettings"];
    assert_eq!(settings["DestinationArn"], attribute("HttpApiLog", "Arn"));
    let line: BTreeMap<String, String> = serde_json::from_str(settings["Format"].as_str().unwrap()).unwrap();
    let told = [
        "$context.authorizer.error",
        "$context.error.message",
        "$context.integrationLatency",
        "$context.requestId",
        "$context.requestTime",
        "$context.responseLatency",
        "$context.responseLength",
        "$context.routeKey",
        "$context.status",
    ];
    assert_eq!(line.into_values().collect::<BTreeSet<_>>(), told.map(str::to_owned).into());
}

#[test]
fn a_request_that_begins_a_job_is_not_cut_short() {
    let timeout = properties("CustomersFunction")["Timeout"].as_u64().unwrap();
    // Reading, committing, the last step under way and its settling come on top; the gateway itself
    // waits for thirty seconds.
    let needed = shared::jobs::IN_REQUEST.as_secs() + 10;
    assert!((needed..30).contains(&timeout), "{timeout}");
}

#[test]
fn no_secret_stands_in_the_template_or_the_environment() {
    let functions = of_type("AWS::Serverless::Function").into_values();
    let environments = functions.map(|function| &function["Environment"]);
    let environments = environments.chain([&TEMPLATE["Globals"]["Function"]["Environment"]]);
    let variables = environments.filter_map(|environment| environment["Variables"].as_object()).flatten();
    let variables: Vec<(&String, &Value)> = variables.collect();
    let literals = variables.iter().flat_map(|(_, value)| either(value)).filter_map(Value::as_str);
    assert_eq!(literals.collect::<BTreeSet<_>>(), ["http", "info", "schedule", "stream"].into());
    let root_key = variables.iter().filter(|(name, _)| name.contains("KEY")).map(|(_, value)| *value);
    // The ARN, by which the function's role reads it.
    assert_eq!(root_key.collect::<Vec<_>>(), [&reference("RootKey")]);
    // What CloudFormation itself would read out of a secret, into whatever shows the template.
    assert!(!TEMPLATE.to_string().contains("{{resolve:"));
    assert!(properties("RootKey")["SecretString"].is_null());
}
