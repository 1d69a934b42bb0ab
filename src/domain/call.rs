//! Conference calls between meetings.

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::NotA;

/// A conference call of the group: one a day, at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// Its day, by which it is known.
    pub date: Date,
    /// When it begins, in the group's zone; nothing where it does not take place.
    #[serde(default, with = "time_of_day", skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// Its title, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Call {
    /// A call of which only the day is known.
    #[must_use]
    pub const fn new(date: Date) -> Self {
        Self { date, time: None, title: None }
    }

    /// Whether it takes place.
    #[must_use]
    pub const fn is_planned(&self) -> bool {
        self.time.is_some()
    }

    /// The field's value as text; `None` where it has none.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<String> {
        match field {
            "time" => self.time.map(|time| time.strftime("%H:%M").to_string()),
            "title" => self.title.clone(),
            _ => None,
        }
    }

    /// Gives the field the value that `to` prints.
    ///
    /// # Errors
    /// Where there is no such field, or `to` is no value of it.
    pub fn set(&mut self, field: &str, to: Option<&str>) -> Result<(), NotA> {
        match field {
            "time" => {
                let read = |text: &str| {
                    Time::strptime("%H:%M", text).map_err(|_| NotA::new(text, "time of day", "something like 14:00"))
                };
                self.time = to.map(read).transpose()?;
            }
            "title" => self.title = to.map(ToOwned::to_owned),
            _ => return Err(NotA::new(field, "field of a call", "time or title")),
        }
        Ok(())
    }
}

/// A time of day as people write it: `14:00`.
mod time_of_day {
    use jiff::civil::Time;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde gives a reference")]
    pub(super) fn serialize<S: Serializer>(time: &Option<Time>, to: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::super::meeting::minutes::serialize(time, to),
            None => to.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Time>, D::Error> {
        let text = Option::<std::borrow::Cow<'de, str>>::deserialize(from)?;
        text.map(|text| Time::strptime("%H:%M", text.as_ref()).map_err(serde::de::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_takes_place_while_it_has_a_time() {
        let mut call = Call::new(jiff::civil::date(2014, 5, 6));
        assert!(!call.is_planned());
        call.set("time", Some("14:00")).unwrap();
        assert!(call.is_planned());
        let json = serde_json::to_value(&call).unwrap();
        assert_eq!(json["time"], "14:00");
        assert_eq!(serde_json::from_value::<Call>(json).unwrap(), call);
        assert!(call.set("time", Some("25:00")).is_err() && call.set("place", None).is_err());
        call.set("time", None).unwrap();
        assert_eq!(call, Call::new(call.date));
    }
}
