//! Images of products: announced, sent, looked at, shown; and no file that nothing names.

use http::Method;
use local::faults::{Operation, Trial};
use serde_json::{Value, json};
use shared::domain::{Announced, ImageFormat, ImageId, LooseImage};
use shared::table::Transaction;

use crate::app::{TestApp, text};
use crate::ask::{Ask, OWNER, SELLER, STRANGER, VIEWER};
use crate::pictures::{bare_png, jpeg, png, put, webp};

#[tokio::test]
async fn what_staff_send_is_what_everybody_sees() {
    let app = TestApp::start().await;
    let honey = app.honey(OWNER).await;
    for (content_type, file, bare, sides) in [
        ("image/png", png(640, 480), bare_png(640, 480), (640, 480)),
        ("image/jpeg", jpeg(800, 600), jpeg(800, 600), (800, 600)),
        ("image/webp", webp(1200, 900), webp(1200, 900), (1200, 900)),
    ] {
        let announced = app.announce_image(SELLER, &honey, content_type, file.len()).await.expect(201).json();
        assert_eq!(put(&announced, &[], &file).await, 200);
        let product = app.attach_image(SELLER, &honey, announced["upload"].as_str().unwrap()).await.expect(200);
        let image = &product.json()["image"];
        assert_eq!((&image["width"], &image["height"]), (&json!(sides.0), &json!(sides.1)));
        let path = app.image_path(&product.json());
        let shown = app.send(Ask::get(&path)).await.expect(200);
        assert_eq!((shown.body.as_ref(), shown.header("content-type")), (&bare[..], content_type));
        assert_eq!(shown.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(shown.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        assert_eq!(shown.header("x-robots-tag"), "noindex, nofollow");
        let head = app.send(Ask::new(Method::HEAD, &path)).await.expect(200);
        assert_eq!((head.body.len(), head.header("etag")), (0, shown.header("etag")));
        let known = Ask::get(&path).header("if-none-match", shown.header("etag"));
        assert_eq!(app.send(known).await.expect(304).body.len(), 0);
        let listed = app.send(Ask::get("/v1/products").by(VIEWER)).await.expect(200).json();
        assert_eq!(listed["items"], json!([product.json()]));
        let offered = format!("{} {}x{}", image["id"].as_str().unwrap(), sides.0, sides.1);
        assert_eq!(text(&app.items("offer").await[0], "image"), offered);
        // Each took the place of the one before, whose file is gone.
        assert_eq!(app.image_files().await, [path.strip_prefix('/').unwrap()]);
    }
}

#[tokio::test]
async fn an_image_goes_with_its_product() {
    let app = TestApp::calm().await;
    let honey = app.honey(OWNER).await;
    let attach = async || {
        let upload = app.upload_image(&honey, &png(640, 480)).await;
        app.attach_image(SELLER, &honey, &upload).await.expect(200)
    };
    let path = app.image_path(&attach().await.json());
    let without =
        Ask::new(Method::DELETE, format!("/v1/products/{honey}/image")).by(SELLER).header("if-match", "\"2\"");
    let bare = app.send(without.clone()).await.expect(200);
    assert_eq!((&bare.json()["image"], bare.header("etag")), (&Value::Null, "\"3\""));
    app.send(Ask::get(&path)).await.expect(404);
    // Sent again because its answer was lost.
    assert_eq!(app.send(without).await.expect(200).json(), bare.json());
    let path = app.image_path(&attach().await.json());
    let delete = Ask::new(Method::DELETE, format!("/v1/products/{honey}")).by(SELLER).header("if-match", "*");
    app.send(delete).await.expect(204);
    app.send(Ask::get(&path)).await.expect(404);
    assert_eq!((app.image_files().await.len(), app.items("image").await.len()), (0, 0));
}

#[tokio::test]
async fn another_size_or_type_than_was_announced_is_not_taken() {
    let app = TestApp::start().await;
    let (honey, file) = (app.honey(OWNER).await, png(640, 480));
    let announced = app.announce_image(SELLER, &honey, "image/png", file.len()).await.expect(201).json();
    assert_eq!(announced["expires_in"], 300);
    assert_eq!(announced["headers"]["content-type"], "image/png");
    assert_eq!(announced["headers"]["content-length"], file.len().to_string());
    let (longer, shorter) = ([&file[..], b"x"].concat(), &file[1..]);
    assert_eq!(put(&announced, &[("content-type", "text/html".to_owned())], &file).await, 403);
    assert_eq!(put(&announced, &[("content-length", longer.len().to_string())], &longer).await, 403);
    assert_eq!(put(&announced, &[("content-length", shorter.len().to_string())], shorter).await, 403);
    let upload = announced["upload"].as_str().unwrap();
    assert_eq!(app.attach_image(SELLER, &honey, upload).await.expect(422).pointers(), ["/upload"]);
    assert_eq!(put(&announced, &[], &file).await, 200);
    app.attach_image(SELLER, &honey, upload).await.expect(200);
}

#[tokio::test]
async fn what_is_no_image_is_shown_to_nobody() {
    let app = TestApp::start().await;
    let honey = app.honey(OWNER).await;
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
    for file in [&svg[..], b"GIF89a\x01\0\x01\0\x80\0\0", &jpeg(640, 480), &png(0, 480), &png(10_001, 480), b"\x89"] {
        let upload = app.upload_image(&honey, file).await;
        let refused = app.attach_image(SELLER, &honey, &upload).await.expect(422);
        assert_eq!(
            (refused.pointers(), &refused.json()["errors"][0]["code"]),
            (vec!["/upload".into()], &json!("image"))
        );
    }
    assert_eq!(app.image_files().await.len(), 0);
    for body in [
        json!({ "content_type": "image/svg+xml", "size": 0 }),
        json!({ "content_type": "image/gif", "size": 524_289 }),
        json!({ "content_type": 7, "size": "9" }),
        json!({}),
    ] {
        let ask = Ask::post(format!("/v1/products/{honey}/image-uploads")).by(SELLER).json(&body);
        assert_eq!(app.send(ask).await.expect(422).pointers(), ["/content_type", "/size"], "{body}");
    }
    for path in ["/images/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/images/x", "/images/..%2Fpending%2Fmain%2Fx"] {
        app.send(Ask::get(path)).await.expect(404);
        let known = Ask::get(path).header("if-none-match", "\"aaaaaaaaaaaaaaaaaaaaaaaaaa\"");
        app.send(known).await.expect(404);
    }
}

#[tokio::test]
async fn an_upload_is_of_one_product_of_one_shop_for_an_hour() {
    let app = TestApp::start().await;
    let (honey, wax, theirs) = (app.honey(OWNER).await, app.honey(OWNER).await, app.honey(STRANGER).await);
    let upload = app.upload_image(&honey, &png(640, 480)).await;
    let refused = async |by, product: &str, upload: &str| {
        let refused = app.attach_image(by, product, upload).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["code"], "upload");
    };
    refused(SELLER, &wax, &upload).await;
    refused(STRANGER, &theirs, &upload).await;
    refused(SELLER, &honey, "aaaaaaaaaaaaaaaaaaaaaaaaaa").await;
    app.attach_image(STRANGER, &honey, &upload).await.expect(404);
    app.attach_image(VIEWER, &honey, &upload).await.expect(403);
    let other = app.upload_image(&honey, &png(64, 48)).await;
    app.attach_image(SELLER, &honey, &upload).await.expect(200);
    app.attach_image(SELLER, &honey, &other).await.expect(200);
    // What was taken off is gone, and attached no more.
    refused(SELLER, &honey, &upload).await;
    let late = app.upload_image(&honey, &png(640, 480)).await;
    app.pass(jiff::SignedDuration::from_hours(1)).await;
    refused(SELLER, &honey, &late).await;
}

#[tokio::test]
async fn what_is_sent_again_has_its_first_answer() {
    let app = TestApp::start().await;
    let (honey, file) = (app.honey(OWNER).await, png(640, 480));
    let body = json!({ "content_type": "image/png", "size": file.len() });
    let ask = Ask::post(format!("/v1/products/{honey}/image-uploads")).by(SELLER).once().json(&body);
    let announce = ask.clone();
    let announced = app.send(ask.clone()).await.expect(201);
    let again = app.send(ask).await.expect(201);
    let upload = announced.json()["upload"].as_str().unwrap().to_owned();
    assert_eq!((&again.json()["upload"], again.header("etag")), (&json!(upload), announced.header("etag")));
    assert_eq!(app.items("image").await.len(), 1);
    assert_eq!(put(&again.json(), &[], &file).await, 200);
    let attach = Ask::new(Method::PUT, format!("/v1/products/{honey}/image")).by(SELLER);
    let attach = attach.json(&json!({ "upload": upload }));
    app.send(attach.clone()).await.expect(428);
    app.send(attach.clone().header("if-match", "\"7\"")).await.expect(412);
    let attach = attach.header("if-match", announced.header("etag"));
    let attached = app.send(attach.clone()).await.expect(200);
    assert_eq!(app.send(attach).await.expect(200).json(), attached.json());
    assert_eq!(attached.header("etag"), "\"2\"");
    // A link to what is attached, or can't be any more, would lead nowhere.
    let over = async |ask: &Ask| app.send(ask.clone()).await.expect(409).json()["type"].clone();
    assert_eq!(over(&announce).await, "urn:clientele:problem:upload-over");
    let late = Ask::post(format!("/v1/products/{honey}/image-uploads")).by(SELLER).once().json(&body);
    app.send(late.clone()).await.expect(201);
    app.pass(jiff::SignedDuration::from_hours(1)).await;
    assert_eq!(over(&late).await, "urn:clientele:problem:upload-over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn however_requests_race_no_file_is_left_that_nothing_names() {
    let app = TestApp::calm().await;
    let honey = app.honey(OWNER).await;
    for _ in 0..6 {
        let upload = app.upload_image(&honey, &png(64, 48)).await;
        let take_off = || {
            let ask = Ask::new(Method::DELETE, format!("/v1/products/{honey}/image")).by(SELLER);
            app.send(ask.header("if-match", "*"))
        };
        let attach = || app.attach_image(SELLER, &honey, &upload);
        tokio::join!(attach(), attach(), take_off(), attach(), take_off());
        files_are_named(&app, &honey).await;
    }
}

/// Every file is the product's, or written down to be deleted; and the product's is there.
async fn files_are_named(app: &TestApp, product: &str) {
    let product = app.send(Ask::get(format!("/v1/products/{product}")).by(SELLER)).await.expect(200).json();
    let shown = product["image"]["id"].as_str().map(|id| format!("images/{id}"));
    let loose: Vec<String> =
        app.items("image").await.iter().map(|item| format!("images/{}", text(item, "id"))).collect();
    let files = app.image_files().await;
    assert!(files.iter().all(|file| shown.as_ref() == Some(file) || loose.contains(file)), "{files:?}");
    assert!(shown.is_none_or(|shown| files.contains(&shown)), "{files:?}");
}

/// The table and S3 each fail at each call, or the process ends there, while an image is attached and
/// while it is taken off.
#[tokio::test]
async fn whatever_call_fails_no_file_is_left_that_nothing_names() {
    let app = TestApp::calm().await;
    let honey = app.honey(OWNER).await;
    let put_through = async |trial: Trial| {
        let upload = app.upload_image(&honey, &png(64, 48)).await;
        app.stack.faults().begin(trial);
        app.attach_image(SELLER, &honey, &upload).await;
        let take_off = Ask::new(Method::DELETE, format!("/v1/products/{honey}/image")).by(SELLER);
        app.send(take_off.header("if-match", "*")).await;
        let trial = app.stack.faults().end().unwrap();
        files_are_named(&app, &honey).await;
        trial
    };
    put_through(Trial::calm()).await;
    let calls = put_through(Trial::calm()).await.calls().to_vec();
    assert!(calls.iter().any(|call| call.operation == Operation::ReadFile));
    assert!(calls.iter().filter(|call| call.operation == Operation::WriteFile).count() >= 2, "put, and deleted");
    for (number, call) in calls.iter().enumerate() {
        for fault in &call.faults {
            let trial = put_through(Trial::calm().with(number, *fault)).await;
            assert_eq!(trial.happened().len(), 1, "{number} {fault:?}");
        }
    }
}

#[tokio::test]
async fn what_was_just_announced_does_not_hide_what_is_over() {
    let app = TestApp::calm().await;
    let (honey, now) = (app.honey(OWNER).await, app.stack.clock().now());
    let (shop, product) = ("main".parse().unwrap(), honey.parse().unwrap());
    // What is over comes last, as letters do after digits.
    let over = LooseImage::taken_off(ImageId::new([0; 16]), now);
    let fresh = (0..120).map(|number| {
        let id = ImageId::new([[0xff; 15].as_slice(), &[number]].concat().try_into().unwrap());
        let announced = Announced { product, format: ImageFormat::Png, size: 9.try_into().unwrap() };
        LooseImage { announced: Some(announced), ..LooseImage::taken_off(id, now) }
    });
    let all: Vec<LooseImage> = fresh.chain([over]).collect();
    for some in all.chunks(90) {
        app.write(|transaction| {
            for image in some {
                transaction.create_loose_image(&shop, image).unwrap();
            }
        })
        .await;
    }
    app.announce_image(SELLER, &honey, "image/png", 9).await.expect(201);
    assert_eq!(app.items("image").await.len(), 121);
}

#[tokio::test]
async fn what_a_lost_process_left_is_gone_after_the_next_upload() {
    let app = TestApp::calm().await;
    let (honey, images) = (app.honey(OWNER).await, app.stack.services());
    let leave = async |id: &str| {
        let put = images.s3.put_object().bucket(&images.image_bucket).key(format!("images/{id}"));
        put.body(png(640, 480).into()).send().await.unwrap();
    };
    // Lost between copying and attaching.
    let copied = app.upload_image(&honey, &png(640, 480)).await;
    leave(&copied).await;
    // Lost between taking off and deleting.
    let taken_off = LooseImage::taken_off("aaaaaaaaaaaaaaaaaaaaaaaaaa".parse().unwrap(), app.stack.clock().now());
    leave(&taken_off.id.to_string()).await;
    let mut transaction = Transaction::new();
    transaction.create_loose_image(&"main".parse().unwrap(), &taken_off).unwrap();
    app.functions().table.commit(transaction).await.unwrap().unwrap();
    app.announce_image(SELLER, &honey, "image/png", 9).await.expect(201);
    assert_eq!(app.image_files().await, [format!("images/{copied}")]);
    app.pass(jiff::SignedDuration::from_hours(24)).await;
    let fresh = app.announce_image(SELLER, &honey, "image/png", 9).await.expect(201).json();
    assert_eq!(app.image_files().await.len(), 0);
    let left: Vec<String> = app.items("image").await.iter().map(|item| text(item, "id")).collect();
    assert_eq!(left, [fresh["upload"].as_str().unwrap()]);
}
