//! Robots in groups of 企业微信, 钉钉 and 飞书: which addresses they have, and what they are told in which shape. An address
//! is anybody's to type, so only those of the three are taken: the server is no way into its own network.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use super::names::named;

named! {
    /// Whose robot it is.
    Provider("provider of robots") {
        /// 企业微信.
        WeCom = "wecom",
        /// 钉钉.
        DingTalk = "dingtalk",
        /// 飞书.
        Feishu = "feishu",
    }
}

/// Characters of an address.
const LONGEST: usize = 500;

impl Provider {
    /// Where its robots are.
    fn origin(self) -> &'static str {
        match self {
            Self::WeCom => "https://qyapi.weixin.qq.com",
            Self::DingTalk => "https://oapi.dingtalk.com",
            Self::Feishu => "https://open.feishu.cn",
        }
    }

    /// How the path of a robot's address begins.
    fn path(self) -> &'static str {
        match self {
            Self::WeCom => "/cgi-bin/webhook/send",
            Self::DingTalk => "/robot/send",
            Self::Feishu => "/open-apis/bot/v2/hook/",
        }
    }

    /// The field of its answers that is 0 when it took a message.
    fn code(self) -> &'static str {
        match self {
            Self::WeCom | Self::DingTalk => "errcode",
            Self::Feishu => "code",
        }
    }
}

/// A further place where a provider's robots are, such as one of a school's own; whoever runs the server sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Whose robots.
    pub provider: Provider,
    /// Scheme, host and port, as `https://robots.example.edu.cn`.
    pub origin: String,
}

impl Origin {
    /// Reads `PROVIDER ORIGIN`. Returns `None` if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (provider, origin) = text.trim().split_once(' ')?;
        let url = Url::parse(origin.trim()).ok()?;
        Some(Self {
            provider: Provider::from_name(provider)?,
            origin: url.origin().ascii_serialization(),
        })
    }
}

/// Whose robot has an address. Returns `None` for every other address.
pub fn provider_of(address: &str, further: &[Origin]) -> Option<Provider> {
    let url = Url::parse(address.trim()).ok()?;
    let is_bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if !is_bare || address.len() > LONGEST {
        return None;
    }
    let origin = url.origin().ascii_serialization();
    let known = |provider: &&Provider| {
        let is_there = further
            .iter()
            .any(|known| known.provider == **provider && known.origin == origin);
        (provider.origin() == origin || is_there) && url.path().starts_with(provider.path())
    };
    Provider::ALL.iter().find(known).copied()
}

/// The request that tells a robot something: where it goes, and its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The address, with a signature where the provider has it there.
    pub url: String,
    /// JSON.
    pub body: String,
}

/// What is said to a robot at a moment, milliseconds since 1970.
pub fn request(provider: Provider, url: &str, secret: Option<&str>, text: &str, now: i64) -> Request {
    let mut address = url.to_owned();
    let mut body = match provider {
        Provider::WeCom | Provider::DingTalk => json!({ "msgtype": "text", "text": { "content": text } }),
        Provider::Feishu => json!({ "msg_type": "text", "content": { "text": text } }),
    };
    match (provider, secret) {
        (Provider::DingTalk, Some(secret)) => {
            let sign = signature(secret, &format!("{now}\n{secret}"));
            let mark = if url.contains('?') { '&' } else { '?' };
            let sign: String = form_urlencoded::byte_serialize(sign.as_bytes()).collect();
            address = format!("{url}{mark}timestamp={now}&sign={sign}");
        }
        (Provider::Feishu, Some(secret)) => {
            let seconds = (now / 1000).to_string();
            // Its key is the text that others sign, and what it signs is nothing.
            body["sign"] = signature(&format!("{seconds}\n{secret}"), "").into();
            body["timestamp"] = seconds.into();
        }
        _ => {}
    }
    Request {
        url: address,
        body: body.to_string(),
    }
}

fn signature(key: &str, text: &str) -> String {
    // A key of any length is one.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    BASE64.encode(&mac.finalize().into_bytes())
}

/// Whether a provider took a message, by the body of its answer.
///
/// # Errors
/// The number that it gave instead.
pub fn was_taken(provider: Provider, answer: &str) -> Result<(), i64> {
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    match answer.get(provider.code()).and_then(Value::as_i64) {
        Some(0) => Ok(()),
        Some(code) => Err(code),
        None => Err(-1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_robots_of_the_three_have_an_address() {
        let further = [Origin::parse("dingtalk http://127.0.0.1:9000").expect("an origin")];
        let cases = [
            (
                "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
                Some(Provider::WeCom),
            ),
            (
                "https://oapi.dingtalk.com/robot/send?access_token=a",
                Some(Provider::DingTalk),
            ),
            (
                "https://open.feishu.cn/open-apis/bot/v2/hook/a",
                Some(Provider::Feishu),
            ),
            (
                "http://127.0.0.1:9000/robot/send?access_token=a",
                Some(Provider::DingTalk),
            ),
            ("http://127.0.0.1:9000/open-apis/bot/v2/hook/a", None),
            ("http://127.0.0.1:9001/robot/send", None),
            ("http://oapi.dingtalk.com/robot/send?access_token=a", None),
            ("https://oapi.dingtalk.com:8443/robot/send?access_token=a", None),
            ("https://oapi.dingtalk.com/user/get?access_token=a", None),
            ("https://oapi.dingtalk.com.evil.example/robot/send", None),
            ("https://oapi.dingtalk.com@evil.example/robot/send", None),
            ("https://evil@oapi.dingtalk.com/robot/send", None),
            ("https://localhost/robot/send", None),
            ("file:///robot/send", None),
            ("", None),
        ];
        for (address, expected) in cases {
            assert_eq!(provider_of(address, &further), expected, "{address}");
        }
        let long = format!(
            "https://oapi.dingtalk.com/robot/send?access_token={}",
            "a".repeat(LONGEST)
        );
        assert_eq!(provider_of(&long, &[]), None);
        for text in ["", "dingtalk", "sms https://a.example", "wecom nowhere"] {
            assert_eq!(Origin::parse(text), None, "{text}");
        }
    }

    /// The shapes of the providers' documents, with signatures made by their own examples in Python.
    #[test]
    fn each_is_told_in_its_own_shape() {
        let at = 1_599_360_473_000;
        let wecom = request(
            Provider::WeCom,
            "https://w/send?key=k",
            Some("unused"),
            "你好",
            at,
        );
        assert_eq!(wecom.url, "https://w/send?key=k");
        assert_eq!(wecom.body, r#"{"msgtype":"text","text":{"content":"你好"}}"#);
        let plain = request(
            Provider::DingTalk,
            "https://d/send?access_token=t",
            None,
            "你好",
            at,
        );
        assert_eq!(plain.url, "https://d/send?access_token=t");
        let signed = request(
            Provider::DingTalk,
            "https://d/send?access_token=t",
            Some("this is secret"),
            "你好",
            at,
        );
        assert_eq!(
            signed.url,
            "https://d/send?access_token=t&timestamp=1599360473000&sign=hXZTWifRGHclNuZSKxoXc%2F%2Fsh51SWfVfRIhcdeKs63I%3D"
        );
        assert_eq!(signed.body, wecom.body);
        let feishu = request(Provider::Feishu, "https://f/hook/a", Some("demo"), "你好", at);
        assert_eq!(
            feishu.body,
            r#"{"msg_type":"text","content":{"text":"你好"},"sign":"l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=","timestamp":"1599360473"}"#
        );
    }

    #[test]
    fn answers_say_whether_it_was_taken() {
        let cases = [
            (Provider::WeCom, r#"{"errcode":0,"errmsg":"ok"}"#, Ok(())),
            (
                Provider::WeCom,
                r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#,
                Err(93_000),
            ),
            (
                Provider::DingTalk,
                r#"{"errcode":310000,"errmsg":"sign not match"}"#,
                Err(310_000),
            ),
            (
                Provider::Feishu,
                r#"{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}"#,
                Ok(()),
            ),
            (
                Provider::Feishu,
                r#"{"code":19021,"msg":"sign match fail","data":{}}"#,
                Err(19_021),
            ),
            (Provider::Feishu, "<html>", Err(-1)),
        ];
        for (provider, answer, expected) in cases {
            assert_eq!(was_taken(provider, answer), expected, "{answer}");
        }
    }
}
