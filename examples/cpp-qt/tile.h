// A picture with a name under it.
#pragma once

#include <QImage>
#include <QString>
#include <QWidget>

class Tile : public QWidget {
  Q_OBJECT

 public:
  explicit Tile(QWidget* parent = nullptr);

  // Whose tile it is; empty for nobody's.
  void setUser(const QString& user);
  const QString& user() const { return user_; }
  void setImage(const QImage& image);
  // A word beside the name, as "muted".
  void setNote(const QString& note);

 protected:
  void paintEvent(QPaintEvent*) override;

 private:
  QString user_;
  QString note_;
  QImage image_;
};
